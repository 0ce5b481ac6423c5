// A page that answers a form (what is wrong with it stands beside its fields) takes the place of the form's own page in the history: coming
// back to it or loading it again sends nothing, and the browser has nothing to ask. What was typed is put back there, for who typed it;
// no secrets.
(() => {
  const { answersForm, whose } = document.body.dataset;
  const NEVER = ["password", "hidden", "file"];
  const SECRET = /password|secret|token|code|pin\b|keys/;
  const isTyped = ({ name, type }) => name && !NEVER.includes(type) && !SECRET.test(name);
  const fields = () => [...document.querySelectorAll("main form[method=post] :is(input, textarea, select)")].filter(isTyped);
  const isTicked = ({ type }) => type === "checkbox" || type === "radio";

  const keep = (page) => {
    const typed = whose ? fields().map(({ name, value, checked }) => [name, value, checked]) : [];
    history.replaceState({ typed, whose }, "", page);
  };
  const putBack = (typed) => {
    for (const field of fields()) {
      const place = typed.findIndex(([name, value]) => name === field.name && (!isTicked(field) || value === field.value));
      if (place < 0) continue;
      const [[, value, checked]] = typed.splice(place, 1);
      if (isTicked(field)) field.checked = checked;
      else field.value = value;
    }
  };

  const before = history.state ?? {};
  const isBack = answersForm === undefined;
  if (isBack && !(before.typed && whose && before.whose === whose)) return;
  if (isBack) putBack(before.typed);
  else keep(document.referrer.startsWith(`${location.origin}/`) ? document.referrer : location.href);
  document.addEventListener("change", () => keep(location.href));
  // What was sent is not typed any more.
  document.addEventListener("submit", () => history.replaceState(null, ""));
})();
