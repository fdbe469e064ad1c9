// Looks again every two seconds while a simulation is at work. Without this script the page has a link for it.
(function () {
    'use strict';

    if (document.querySelector('[data-waiting]')) setTimeout(() => location.reload(), 2000);
})();
