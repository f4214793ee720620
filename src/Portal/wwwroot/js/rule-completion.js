// The list of completions over the text: opened by typing or by Ctrl+Space, moved in by arrows, taken by Enter or Tab, left by Escape. The focus stays in the text.
import { contextAt, optionsAt } from './rule-language.js';

const mostShown = 50;

export class Completion {
    #options = [];
    #chosen = 0;
    #context = null;

    /** @param {HTMLTextAreaElement} area @param {HTMLElement} list @param {() => object|null} language */
    constructor(area, list, language) {
        Object.assign(this, { area, list, language });
        area.setAttribute('aria-autocomplete', 'list');
        area.setAttribute('aria-haspopup', 'listbox');
        area.addEventListener('keydown', event => this.#onKey(event));
        area.addEventListener('input', event => { if (event.isTrusted || event.inputType) this.#typed(event); });
        area.addEventListener('blur', () => this.close());
        area.addEventListener('click', () => this.close());
        area.addEventListener('scroll', () => this.close());
        list.addEventListener('mousedown', event => {
            event.preventDefault();   // the focus stays in the text
            const option = event.target.closest('[role=option]');
            if (option) this.#take(Number(option.dataset.index));
        });
    }

    get isOpen() { return !this.list.hidden; }

    open() {
        const language = this.language();
        if (!language || this.area.readOnly || this.area.selectionStart !== this.area.selectionEnd) return;
        this.#context = contextAt(this.area.value, this.area.selectionStart);
        this.#options = optionsAt(this.#context, language).slice(0, mostShown);
        if (this.#options.length === 0) return this.close();
        this.list.replaceChildren(...this.#options.map((option, i) => row(option, i)));
        this.list.hidden = false;
        this.area.setAttribute('aria-controls', this.list.id);
        this.#place();
        this.#choose(0);
    }

    close() {
        if (this.list.hidden) return;
        this.list.hidden = true;
        this.list.replaceChildren();
        this.area.removeAttribute('aria-activedescendant');
        this.area.removeAttribute('aria-controls');
    }

    #typed(event) {
        if (event.inputType?.startsWith('delete') && !this.isOpen) return;
        if (event.inputType === 'insertFromPaste' || event.inputType?.startsWith('history')) return this.close();
        const context = contextAt(this.area.value, this.area.selectionStart);
        const begun = context.kind === 'value' ? context.spaced : context.word.length > 0;
        if (begun) this.open();
        else this.close();
    }

    #onKey(event) {
        if (event.key === ' ' && event.ctrlKey) {
            event.preventDefault();
            this.open();
        } else if (this.isOpen) {
            const act = {
                ArrowDown: () => this.#choose((this.#chosen + 1) % this.#options.length),
                ArrowUp: () => this.#choose((this.#chosen + this.#options.length - 1) % this.#options.length),
                Enter: () => this.#take(this.#chosen), Tab: () => this.#take(this.#chosen), Escape: () => this.close(),
            }[event.key];
            if (act && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
                event.preventDefault();
                event.stopPropagation();
                act();
            } else if (['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'].includes(event.key)) {
                this.close();
            }
        } else if (event.key === 'Enter' && !event.ctrlKey && !event.isComposing && !this.area.readOnly) {
            event.preventDefault();
            this.#newLine();
        }
    }

    /** As deep as the line before; under the dash of a list's entry, at its keys. */
    #newLine() {
        const { value, selectionStart } = this.area;
        const line = value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
        const indent = line.match(/^\s*(?:-\s+)?/)[0].replace('-', ' ');
        insert(this.area, selectionStart, this.area.selectionEnd, '\n' + indent);
    }

    #choose(index) {
        this.#chosen = index;
        [...this.list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
        const option = this.list.children[index];
        option.scrollIntoView({ block: 'nearest' });
        this.area.setAttribute('aria-activedescendant', option.id);
    }

    #take(index) {
        const option = this.#options[index];
        const { from, to } = { ...this.#context, ...option };
        this.close();
        insert(this.area, from, to, option.insert);
        if (option.more) this.open();
    }

    /** Under the caret, or over it where there is no room. */
    #place() {
        const style = getComputedStyle(this.area);
        const lineHeight = parseFloat(style.lineHeight);
        const before = this.area.value.slice(0, this.#context.from).split('\n');
        const left = parseFloat(style.paddingLeft) + widthOf(before.at(-1), style) - this.area.scrollLeft;
        const top = parseFloat(style.paddingTop) + before.length * lineHeight - this.area.scrollTop;
        const box = this.list.parentElement.getBoundingClientRect();
        const above = box.top + top + this.list.offsetHeight > innerHeight && box.top + top - lineHeight > this.list.offsetHeight;
        this.list.style.left = `${Math.max(0, Math.min(left, box.width - this.list.offsetWidth))}px`;
        this.list.style.top = `${above ? top - lineHeight - this.list.offsetHeight : top}px`;
    }
}

/** Puts text in place of a stretch so that it can be undone. */
export function insert(area, from, to, text) {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand('insertText', false, text)) {
        area.setRangeText(text, from, to, 'end');
        area.dispatchEvent(new Event('input', { bubbles: true }));
    }
}

const canvas = document.createElement('canvas').getContext('2d');

function widthOf(text, style) {
    canvas.font = `${style.fontSize} ${style.fontFamily}`;
    return canvas.measureText(text).width;
}

function row(option, index) {
    const item = Object.assign(document.createElement('li'), { id: `rule-completion-${index}` });
    item.setAttribute('role', 'option');
    item.dataset.index = index;
    item.append(Object.assign(document.createElement('span'), { className: 'mono', textContent: option.text }));
    if (option.note) item.append(Object.assign(document.createElement('span'), { className: 'sub', textContent: option.note }));
    return item;
}
