// Moves the answer at once: a change of the total or of a bound asks the server for the same page with those values and
// puts its answers in place. Without this script the form does the same by its button.
(function () {
    'use strict';

    const form = document.querySelector('[data-live]');
    if (!form) return;
    let waiting = 0, asked = null;

    async function ask() {
        const url = form.action + '?' + new URLSearchParams(new FormData(form));
        if (asked) asked.abort();
        asked = new AbortController();
        document.getElementById('rest').dataset.busy = 'true';
        let text;
        try {
            const answer = await fetch(url, { signal: asked.signal, headers: { Accept: 'text/html' } });
            text = await answer.text();
        } catch (err) {
            if (err.name !== 'AbortError') location.assign(url);
            return;
        }
        const page = new DOMParser().parseFromString(text, 'text/html');
        const focus = document.activeElement && document.activeElement.id;
        for (const now of document.querySelectorAll('[data-answer]')) {
            const then = page.getElementById(now.id);
            if (then) now.replaceChildren(...then.childNodes);
        }
        delete document.getElementById('rest').dataset.busy;
        if (focus && document.getElementById(focus)) document.getElementById(focus).focus();
        history.replaceState(null, '', url);
        window.levelfield.redraw();
        document.body.dataset.answered = String(Number(document.body.dataset.answered || 0) + 1);
    }

    function soon(wait) {
        clearTimeout(waiting);
        waiting = setTimeout(ask, wait);
    }

    document.addEventListener('input', e => { if (e.target.form === form && e.target.type === 'range') soon(60); });
    document.addEventListener('change', e => { if (e.target.form === form && e.target.type !== 'range') soon(0); });
    form.addEventListener('submit', e => { e.preventDefault(); soon(0); });
})();
