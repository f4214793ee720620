// Confirmation, taking back, replaying. Without a script the same forms post plainly.
import { refresh } from './live.js';

const words = document.body.dataset;
const pending = new Map();
const sending = new WeakSet();

export function startForms() {
    document.addEventListener('submit', onSubmit);
    document.addEventListener('change', event => {
        const form = event.target.form;
        if (form?.matches('[data-autosubmit]') && event.target.matches('select')) form.requestSubmit();
        if (event.target.matches('input[type=file][data-max-bytes]')) checkSize(event.target);
    });
    document.addEventListener('click', event => {
        const replay = event.target.closest?.('[data-replay]');
        if (replay) replayLetter(replay);
    });
    // Leaving the page is not taking back.
    addEventListener('pagehide', () => { for (const job of [...pending.values()]) job.send(); });
}

async function onSubmit(event) {
    const form = event.target;
    if (form.method === 'get') {
        for (const field of form.elements) if (field.name && !field.value) field.disabled = true;   // short addresses
        return;
    }
    if (form.dataset.undo && Number(form.dataset.undo) > 0) {
        event.preventDefault();
        holdBack(form);
    } else if (form.dataset.confirm && !form.dataset.agreed) {
        event.preventDefault();
        if (await agree(form.dataset.confirm)) {
            form.dataset.agreed = '1';
            form.requestSubmit(event.submitter);
        }
    } else if ('keeps' in form.dataset) {
        event.preventDefault();
        await sendKept(form, event.submitter);
    }
}

/** A refusal is said in the form, at its end (in front the fields would look new to morph.js), and nothing that was typed is lost; otherwise it leads on as without a script. */
async function sendKept(form, submitter) {
    if (sending.has(form)) return;
    sending.add(form);
    delete form.dataset.agreed;   // the next attempt is another question
    form.querySelector('.notice.refused')?.remove();
    try {
        const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, submitter)), headers: { Accept: 'application/json', 'X-Seamless-Form': '1' } });
        const said = await answer.json().catch(() => null);
        if (answer.ok && said?.at) leadTo(said.at);
        else form.append(Object.assign(document.createElement('p'), { className: 'notice refused', role: 'alert', textContent: said?.text ?? words.failed }));
    } catch {
        toast(words.failed);
    }
    sending.delete(form);
}

/** The page anew, also when only its fragment would change. */
function leadTo(address) {
    const there = new URL(address, location.href);
    if (there.pathname + there.search === location.pathname + location.search) {
        history.replaceState(null, '', there);
        location.reload();
    } else location.assign(there);
}

/** What the server would refuse is not sent at all. */
function checkSize(input) {
    const isTooLarge = [...input.files].some(file => file.size > Number(input.dataset.maxBytes));
    input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : '');
    input.reportValidity();
}

/** Sends after the time for second thoughts; until then it can be taken back. */
export function holdBack(form) {
    const url = form.action;
    if (pending.has(url)) return;
    const body = new URLSearchParams(new FormData(form));
    const row = document.getElementById(`row-${url.split('/').at(-2)}`);
    row?.classList.add('pending');
    const job = {
        send: async () => {
            finish();
            try {
                const answer = await fetch(url, { method: 'POST', body, keepalive: true, headers: { Accept: 'application/json' } });
                if (answer.ok) await refresh();
                else toast((await answer.json().catch(() => null))?.text ?? words.failed);
            } catch {
                toast(words.failed);
            }
        },
        undo: finish,
    };
    const note = toast(form.dataset.undoText, words.undoLabel, job.undo);
    const timer = setTimeout(job.send, Number(form.dataset.undo));
    pending.set(url, job);

    function finish() {
        clearTimeout(timer);
        pending.delete(url);
        note.remove();
        row?.classList.remove('pending');
    }
}

/** Takes back what was held back last. */
export function undoLast() {
    [...pending.values()].at(-1)?.undo();
}

export function toast(text, action, act) {
    const note = document.createElement('div');
    note.className = 'toast';
    note.append(Object.assign(document.createElement('span'), { textContent: text }));
    if (action) {
        const button = Object.assign(document.createElement('button'), { type: 'button', textContent: action });
        button.addEventListener('click', act);
        note.append(button);
    } else {
        setTimeout(() => note.remove(), 6000);
    }
    document.getElementById('toasts').append(note);
    return note;
}

function agree(question) {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', question);
    const form = Object.assign(document.createElement('form'), { method: 'dialog', className: 'actions' });
    const yes = Object.assign(document.createElement('button'), { value: 'yes', textContent: words.okLabel, className: 'primary' });
    const no = Object.assign(document.createElement('button'), { value: 'no', textContent: words.cancelLabel });
    form.append(yes, no);
    dialog.append(Object.assign(document.createElement('p'), { textContent: question }), form);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise(done => dialog.addEventListener('close', () => { dialog.remove(); done(dialog.returnValue === 'yes'); }));
}

async function replayLetter(button) {
    button.disabled = true;
    const answer = await fetch('/api/v1/dead-letters/replay', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ids: [Number(button.dataset.replay)] }),
    }).catch(() => null);
    if (answer?.ok) location.reload();
    else {
        button.disabled = false;
        toast((await answer?.json().catch(() => null))?.detail ?? words.failed);
    }
}
