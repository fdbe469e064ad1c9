// What every page does: popups, theme, keys, copying links, saving chart images. All of it is extra: without
// scripts, links and <details> still work.
(function () {
    'use strict';

    const root = document.documentElement;

    // popups: one open at a time, closed by Escape or a click elsewhere
    function closePopups(except) {
        for (const el of document.querySelectorAll('details[data-popup][open]')) {
            if (el !== except) el.open = false;
        }
    }
    document.addEventListener('click', e => closePopups(e.target.closest('details[data-popup]')));
    for (const el of document.querySelectorAll('details[data-popup]')) {
        el.addEventListener('toggle', () => {
            const now = el.open && el.querySelector('[aria-current]');
            if (now) now.scrollIntoView({ block: 'nearest' });
        });
    }

    function switchTheme() {
        const now = root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
        root.dataset.theme = now === 'dark' ? 'light' : 'dark';
        document.cookie = 'lf_theme=' + root.dataset.theme + ';path=/;max-age=31536000;samesite=lax';
        window.levelfield.redraw();
    }

    function openKeys() {
        const list = document.getElementById('keys');
        if (!list.open) list.showModal();
    }

    function save(name, href) {
        const a = document.createElement('a');
        a.download = name;
        a.href = href;
        a.click();
    }

    document.addEventListener('click', e => {
        if (e.target.closest('[data-theme-switch]')) switchTheme();
        if (e.target.closest('[data-keys-open]')) openKeys();
        const copy = e.target.closest('[data-copy]');
        if (copy) {
            navigator.clipboard.writeText(new URL(copy.dataset.copy, location.href).href).then(() => {
                const before = copy.textContent;
                copy.textContent = copy.dataset.done;
                setTimeout(() => { copy.textContent = before; closePopups(); }, 900);
            });
        }
        const png = e.target.closest('[data-png]');
        if (png) {
            const card = png.closest('.card');
            card.querySelectorAll('[data-chart]').forEach((el, i) => save(card.id + (i ? '-' + (i + 1) : '') + '.png', window.levelfield.image(el)));
            closePopups();
        }
    });

    // keys
    const pages = { o: 'overview', r: 'regions', i: 'indicators', d: 'data' };
    let waiting = false;
    document.addEventListener('keydown', e => {
        if (e.key === 'Escape') closePopups();
        if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, [contenteditable]')) return;
        if (waiting) {
            waiting = false;
            const link = pages[e.key] && document.querySelector('.nav [data-go="' + pages[e.key] + '"]');
            if (link) link.click();
            return;
        }
        const turn = { '[': 'prev', ']': 'next' }[e.key];
        if (e.key === 'g') {
            waiting = true;
            setTimeout(() => { waiting = false; }, 1200);
        } else if (turn) {
            const link = document.querySelector('.bar a[rel="' + turn + '"]');
            if (link) link.click();
        } else if (e.key === 't') {
            switchTheme();
        } else if (e.key === '/') {
            const field = document.querySelector('main [data-find]') || document.querySelector('.nav [data-find]');
            if (!field) return;
            e.preventDefault();
            field.focus();
            field.select();
        } else if (e.key === 'v') {
            const link = document.querySelector('.bar a[href^="/views"]');
            if (link) link.click();
        } else if (e.key === '?') {
            openKeys();
        }
    });
})();
