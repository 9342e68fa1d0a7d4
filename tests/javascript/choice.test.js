import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { fill, ofAnyFilm, store, stored } = await import("../../static/js/choice.js");

const radio = (name, value, usual = false) => ({ name, value, type: "radio", defaultChecked: usual, checked: usual });
const number = (name) => ({ name, type: "number", value: "", defaultValue: "" });

function select(name, values) {
  const options = values.map((value, index) => ({ value, defaultSelected: index === 0 }));
  return { name, type: "select-one", options, selectedIndex: 0 };
}

// As much of a form as `fill` looks at.
function form() {
  const elements = [
    ...[radio("recipe", "balanced", true), radio("recipe", "small"), radio("recipe", "limit")],
    ...[radio("limit_bytes", "10000000", true), radio("limit_bytes", "25000000")],
    ...[number("limit_megabytes"), number("quality"), select("max_height", ["", "1080", "720"])],
    { name: "csrfmiddlewaretoken", type: "hidden", value: "secret" },
    number("start"),
  ];
  const named = (name) => elements.filter((element) => element.name === name);
  return {
    elements,
    querySelector: (words) => {
      if (words === "[name=recipe]:checked") return named("recipe").find((each) => each.checked);
      const value = words.match(/limit_bytes\]\[value="(\d+)"/)?.[1];
      return value ? (named("limit_bytes").find((each) => each.value === value) ?? null) : null;
    },
    querySelectorAll: (words) => named(words.match(/name=(\w+)/)[1]),
    chosen: (name) => named(name).find((each) => each.checked)?.value,
    field: (name) => named(name)[0],
  };
}

test("a choice is put into the form, and what it does not name is as the page offers it", () => {
  const filled = form();
  filled.field("quality").value = "80";
  fill(filled, { recipe: "small", max_height: 720 });
  assert.equal(filled.chosen("recipe"), "small");
  assert.equal(filled.field("max_height").selectedIndex, 2);
  assert.equal(filled.field("quality").value, "");
  assert.equal(filled.chosen("limit_bytes"), "10000000");
});

test("a size that is offered is chosen, another is a number of megabytes", () => {
  const filled = form();
  fill(filled, { recipe: "limit", limit_bytes: 25_000_000 });
  assert.deepEqual([filled.chosen("limit_bytes"), filled.field("limit_megabytes").value], ["25000000", ""]);
  fill(filled, { recipe: "limit", limit_bytes: 7_500_000 });
  assert.deepEqual([filled.chosen("limit_bytes"), filled.field("limit_megabytes").value], [undefined, "7.5"]);
});

test("what the page does not offer any more is as if it had not been chosen", () => {
  const filled = form();
  fill(filled, { recipe: "gone", max_height: "4320", colour: "red" });
  assert.equal(filled.chosen("recipe"), "balanced");
  assert.equal(filled.field("max_height").selectedIndex, 0);
});

test("what belongs to one film, and secrets, are neither remembered nor filled in", () => {
  assert.deepEqual(ofAnyFilm({ recipe: "fast", start: "5", csrfmiddlewaretoken: "x", file: "f" }), { recipe: "fast" });
  const filled = form();
  fill(filled, { start: "5", csrfmiddlewaretoken: "x" });
  assert.equal(filled.field("start").value, "");
  assert.equal(filled.field("csrfmiddlewaretoken").value, "secret");
});

test("a browser that keeps nothing, or something else, remembers nothing", () => {
  globalThis.localStorage = { getItem: () => "{no json", setItem: () => { throw new Error("full"); } };
  store("choice", { recipe: "fast" });
  assert.equal(stored("choice"), null);
});
