/* The questions within a form of staff's: they come and go as on the customer's page. Nothing is kept on the device, nothing sent. */
(function () {
"use strict";
{% include "questionnaires/live.js" %}
update();
})();
