// Runs before the first paint, so that nothing jumps: says that scripts work, and how wide the navigation is.
document.documentElement.classList.add("has-js");
try {
  const width = localStorage.getItem("nav");
  if (width) document.documentElement.dataset.nav = width;
} catch {
  // A browser that refuses storage keeps the ordinary width.
}
