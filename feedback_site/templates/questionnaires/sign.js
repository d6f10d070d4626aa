/* Draws signatures. Without it there is the field for a typed name. What is drawn stands in a hidden field: points "x.y", joined by "-" to strokes, these by "_". */
(function () {
"use strict";
var MOST = 2500, NEAR = 3;
Array.prototype.forEach.call(document.querySelectorAll(".sign"), function (box) {
  var canvas = box.querySelector("canvas"), field = box.querySelector("input"), pen = canvas.getContext("2d");
  var strokes = [], count = 0, down = false;
  box.hidden = false;
  function show() {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    strokes.forEach(function (stroke) {
      pen.beginPath();
      pen.moveTo(stroke[0][0], stroke[0][1]);
      (stroke.length > 1 ? stroke.slice(1) : stroke).forEach(function (point) { pen.lineTo(point[0], point[1]); });
      pen.stroke();
    });
  }
  function read() {
    strokes = field.value ? field.value.split("_").map(function (stroke) {
      return stroke.split("-").map(function (point) { return point.split(".").map(Number); });
    }) : [];
    count = strokes.reduce(function (sum, stroke) { return sum + stroke.length; }, 0);
    show();
  }
  function write() {
    field.value = strokes.map(function (stroke) { return stroke.map(function (point) { return point.join("."); }).join("-"); }).join("_");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function add(event) {
    var place = canvas.getBoundingClientRect();
    var x = Math.max(0, Math.min(canvas.width, Math.round((event.clientX - place.left) * canvas.width / place.width)));
    var y = Math.max(0, Math.min(canvas.height, Math.round((event.clientY - place.top) * canvas.height / place.height)));
    var stroke = strokes[strokes.length - 1], last = stroke[stroke.length - 1];
    if (count >= MOST || (last && Math.abs(last[0] - x) < NEAR && Math.abs(last[1] - y) < NEAR)) { return; }
    stroke.push([x, y]);
    count += 1;
    show();
  }
  canvas.addEventListener("pointerdown", function (event) {
    if (count >= MOST || event.button) { return; }
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    down = true;
    strokes.push([]);
    add(event);
  });
  canvas.addEventListener("pointermove", function (event) { if (down) { add(event); } });
  ["pointerup", "pointercancel"].forEach(function (name) {
    canvas.addEventListener(name, function () { if (down) { down = false; write(); } });
  });
  box.querySelector("button").addEventListener("click", function () {
    strokes = [];
    count = 0;
    show();
    write();
  });
  read();
});
})();
