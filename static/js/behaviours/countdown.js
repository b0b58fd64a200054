/* Seconds until something happens: <span data-countdown="instant" data-words="sent in %s s" data-over="being sent">. When it
   is over the undo button beside it goes, because the server would refuse. */
export const selector = "[data-countdown]";

export function attach(place) {
  const end = Date.parse(place.dataset.countdown);
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    place.textContent = left > 0 ? place.dataset.words.replace("%s", left) : place.dataset.over;
    if (left > 0) return;
    clearInterval(timer);
    const button = place.parentElement.querySelector("[data-undo]");
    if (button) button.hidden = true;
  };
  const timer = setInterval(() => (place.isConnected ? tick() : clearInterval(timer)), 500);
  tick();
}
