// Makes one element like another with as few changes as possible, so that focus, selection, open menus and half-written forms stay.

/** @param {Element} from stays in the page @param {Element} to is what it should look like */
export function morph(from, to) {
    if (from.hasAttribute('data-keep') && sameKept(from, to)) return;
    attributes(from, to);
    children(from, to);
}

/** A chart keeps its drawing as long as it is the chart of the same thing. */
function sameKept(from, to) {
    return [...to.attributes].every(a => a.name === 'data-to' || from.getAttribute(a.name) === a.value);
}

function attributes(from, to) {
    for (const { name, value } of [...to.attributes]) {
        if (name === 'open') continue;
        if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    }
    for (const { name } of [...from.attributes]) {
        // What the reader has opened or the page's script has added is theirs.
        if (name !== 'open' && name !== 'hidden' && !to.hasAttribute(name)) from.removeAttribute(name);
    }
}

const isBusy = node => node.nodeType === Node.ELEMENT_NODE
    && (node.matches('input, select, textarea, dialog[open]') || (node.matches('form') && node.contains(document.activeElement) && document.activeElement !== document.body));

function children(from, to) {
    const held = new Map([...from.children].filter(c => c.id).map(c => [c.id, c]));
    let here = from.firstChild;
    for (const next of [...to.childNodes]) {
        let match = here && alike(here, next) ? here : null;
        if (next.id && held.has(next.id)) match = held.get(next.id);
        else if (match?.id && match.id !== next.id) match = null;
        if (!match) {
            from.insertBefore(document.importNode(next, true), here);
            continue;
        }
        if (match !== here) from.insertBefore(match, here); else here = here.nextSibling;
        if (match.nodeType === Node.TEXT_NODE) {
            if (match.data !== next.data) match.data = next.data;
        } else if (match.nodeType === Node.ELEMENT_NODE && !isBusy(match)) {
            morph(match, next);
        }
    }
    while (here) {
        const gone = here;
        here = here.nextSibling;
        gone.remove();
    }
}

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? '') === (b.id ?? '');
