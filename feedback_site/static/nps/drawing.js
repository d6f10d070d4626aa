// The sample is being drawn: look again until the page shows what was drawn. Without JavaScript there is a link.
"use strict";

setTimeout(() => window.location.reload(), 4000);
