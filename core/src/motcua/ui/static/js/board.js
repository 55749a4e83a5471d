// The waiting room works without this file, only not live.
"use strict";

const whole = document.querySelector("[data-stream]");
const lost = document.querySelector("[data-lost]");
const said = document.querySelector("[data-said]");
const switchOn = document.querySelector("[data-sound]");
let audio = null;

// Two tones, as at a railway station.
const chime = () => {
  if (!audio) return;
  [[660, 0], [880, 0.35]].forEach(([pitch, after]) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const begins = audio.currentTime + after;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.4, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.6);
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + 0.6);
  });
};

// A browser makes no sound before somebody has pressed something.
if (switchOn && window.AudioContext) {
  switchOn.hidden = false;
  switchOn.addEventListener("click", () => {
    audio = new AudioContext();
    switchOn.hidden = true;
    document.querySelector("[data-sound-on]").hidden = false;
    chime();
  });
}

// The server sends the whole board whenever it changes, and every fifteen seconds.
if (whole) {
  const calls = new EventSource(whole.dataset.stream);
  const mark = () => whole.querySelector("[data-mark]").dataset;
  let before = mark().mark;
  calls.addEventListener("board", (event) => {
    lost.hidden = true;
    whole.innerHTML = event.data;
    const now = mark();
    if (now.mark && now.mark !== before) {
      said.textContent = now.say;
      whole.classList.remove("called");
      void whole.offsetWidth;
      whole.classList.add("called");
      chime();
    }
    before = now.mark;
  });
  calls.addEventListener("error", () => {
    lost.hidden = false;
    if (calls.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  });
}

// The machine prints by a press, and is free for the next person after a while.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
const ticket = document.querySelector("[data-home]");
if (ticket) setTimeout(() => location.assign(ticket.dataset.home), 20000);
