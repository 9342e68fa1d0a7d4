// The page works without this. Each module gives one element of the page its behaviour.

import "./drop_zone.js";
import "./limit_choice.js";
import "./submit_form.js";
import "./job_estimate.js";
import "./upload_card.js";
import "./job_card.js";
import "./job_list.js";
import "./another_recipe.js";
import "./saved_choices.js";
import "./batch_bar.js";
import "./saved_total.js";
import "./compare_slider.js";
import "./local_time.js";
import "./play_here.js";
import "./trim_strip.js";
