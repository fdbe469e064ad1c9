// Runs before the first paint: a theme the reader chose is a cookie, which the server has already written into
// the page. Only pages kept by the browser from before the choice need this.
(function () {
    'use strict';
    const chosen = document.cookie.match(/(?:^|; )lf_theme=(light|dark)/);
    if (chosen && !document.documentElement.dataset.theme) document.documentElement.dataset.theme = chosen[1];
})();
