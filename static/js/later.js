// What nobody misses in the first moment: it is loaded when the page can be used already.

import "./another_recipe.js";
import "./batch_bar.js";
import "./compare_slider.js";
import "./job_estimate.js";
import "./play_here.js";
import "./trim_strip.js";

// Of what was chosen before they were here they were not told.
/** @type {any} */
const zone = document.querySelector("drop-zone");
if (zone?.files.length) zone.tell();
