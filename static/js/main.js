// The page works without this. Each module gives one element of the page its behaviour.

import "./drop_zone.js";
import "./limit_choice.js";
import "./submit_form.js";
import "./saved_choices.js";
import "./upload_card.js";
import "./job_card.js";
import "./job_list.js";
import "./saved_total.js";
import "./local_time.js";

import("./later.js");
