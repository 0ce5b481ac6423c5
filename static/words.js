// What scripts say, in the page's language: the server gives a table with the page where it is not English (floyd_site/script_words.py).
const floydWords = JSON.parse(document.body.dataset.words ?? "{}");
const said = (english) => floydWords[english] ?? english;
