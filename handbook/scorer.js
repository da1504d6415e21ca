// How the search orders pages: Sphinx's own scores, and above them the words of the question that a page's title has; tables of keys come last.
var Scorer = {
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
  score: ([page, title, , , score]) => {
    const words = (new URLSearchParams(location.search).get("q") ?? "").toLowerCase().match(/\w{4,}/g) ?? [];
    const named = words.filter((word) => word !== "what" && title.toLowerCase().includes(word)).length;
    return score + 10 * named - (/^reference\/(json|keys)\//.test(page) ? 10 : 0);
  },
};
