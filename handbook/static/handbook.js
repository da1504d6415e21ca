// What the theme leaves out for people who do not use a mouse or a screen.
document.addEventListener("DOMContentLoaded", () => {
  const names = { ".sidebar-drawer": "All pages", ".toc-drawer": "On this page" };
  for (const [drawer, name] of Object.entries(names)) document.querySelector(drawer)?.setAttribute("aria-label", name);
  if (!document.querySelector("h1")) {
    const heading = document.createElement("h1");
    heading.textContent = "Search";
    document.querySelector("[role=main]")?.prepend(heading);
  }
  for (const box of document.querySelectorAll("pre, .table-wrapper")) box.tabIndex = 0;
});
