/* Minus and plus beside a number: <div class="stepper" data-stepper>. The field keeps its own limits. */
export const selector = "[data-stepper]";

export function attach(stepper) {
  const input = stepper.querySelector("input");
  const [less, more] = stepper.querySelectorAll("button");
  const show = () => {
    const value = Number(input.value);
    less.disabled = input.min !== "" && value <= Number(input.min);
    more.disabled = input.max !== "" && value >= Number(input.max);
  };
  const step = (move) => {
    move.call(input);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  less.hidden = more.hidden = false;
  less.addEventListener("click", () => step(input.stepDown));
  more.addEventListener("click", () => step(input.stepUp));
  input.addEventListener("input", show);
  show();
}
