import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { fieldsOf } = await import("../../static/js/submit_form.js");

globalThis.FormData = class extends Map {};
const form = (fields) => Object.entries({ csrfmiddlewaretoken: "x", file: "y", codec: "", ...fields });

test("a number of megabytes goes as it was typed, before the presets", () => {
  const typed = form({ recipe: "limit", limit_megabytes: "9.50", limit_bytes: "8000000" });
  assert.deepEqual(fieldsOf(typed), { recipe: "limit", limit_megabytes: "9.50" });
});

test("a preset counts where no number was typed", () => {
  const chosen = form({ recipe: "limit", limit_megabytes: "", limit_bytes: "8000000" });
  assert.deepEqual(fieldsOf(chosen), { recipe: "limit", limit_bytes: "8000000" });
});
