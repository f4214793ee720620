// What stands where in a rule file, and what could stand there. Pure: text and caret in, options out.
// The keys and words are the platform's own (GET /api/v1/rules/language); nothing of the language is written down here.

/** @returns {{kind: 'key'|'value'|'none', key: string, word: string, from: number, to: number, rule: object}} what the caret is in */
export function contextAt(text, caret) {
    const from = text.lastIndexOf('\n', caret - 1) + 1;
    const end = text.indexOf('\n', caret);
    const line = text.slice(from, end < 0 ? text.length : end);
    const before = line.slice(0, caret - from);
    const rule = ruleAt(text, text.slice(0, caret).split('\n').length - 1);
    const key = before.match(/^(\s*(?:-\s+)?)([A-Za-z][\w-]*)?$/);
    if (key && (key[1] || key[2])) return { kind: 'key', key: line.trim().replace(/^-\s+/, '').split(':')[0], word: key[2] ?? '', from: from + key[1].length, to: caret, rule };
    const value = before.match(/^(\s*(?:-\s+)?)([A-Za-z][\w-]*):(\s*)(.*)$/);
    if (!value) return { kind: 'none', key: '', word: '', from: caret, to: caret, rule };
    const begin = from + value[1].length + value[2].length + 1 + value[3].length;
    return { kind: 'value', key: value[2], word: value[4], from: begin, to: from + line.trimEnd().length < caret ? caret : from + line.trimEnd().length, rule, spaced: value[3].length > 0 };
}

/** The key of a line, or ''. */
export const keyOf = line => line.match(/^\s*(?:-\s+)?([A-Za-z][\w-]*)\s*:/)?.[1] ?? '';

/** The rule that a line is part of: its keys with their values, and where it stands. */
export function ruleAt(text, lineNumber) {
    const lines = text.split('\n');
    const begins = line => /^\s*-\s/.test(line);
    let first = Math.min(lineNumber, lines.length - 1);
    while (first >= 0 && !begins(lines[first])) first--;
    if (first < 0) return { keys: {}, first: 0, last: 0 };
    let last = first + 1;
    while (last < lines.length && !begins(lines[last])) last++;
    const keys = {};
    for (const line of lines.slice(first, last)) {
        const name = keyOf(line);
        if (name) keys[name] = line.slice(line.indexOf(':') + 1).replace(/\s#.*$/, '').trim();
    }
    return { keys, first, last };
}

/** What could stand at the caret, best first. */
export function optionsAt(context, language) {
    if (context.kind === 'key') return keysFor(context, language);
    if (context.kind !== 'value' || !context.spaced && context.word === '' && context.key === '') return [];
    if (context.key === 'setpoint') return unitsFor(context, language);
    const words = language.keys.find(k => k.key === context.key)?.words ?? [];
    if (words.some(w => w.word.includes('('))) return inExpression(context, words);
    return rank(words.map(w => ({ text: w.word, insert: (context.spaced ? '' : ' ') + w.word, note: [w.title, w.unit].filter(Boolean).join(' · ') })), context.word);
}

/** In an expression the name at the caret is completed; of a function up to its bracket. Nothing where a name cannot stand: in quotes, after a number (a unit), after a whole value. */
function inExpression(context, words) {
    const typed = context.word.match(/[A-Za-z_]\w*$/)?.[0] ?? '';
    const before = context.word.slice(0, context.word.length - typed.length);
    const isOpen = ['"', "'", '`'].some(quote => before.split(quote).length % 2 === 0);
    if (isOpen || /\d\s*$/.test(before) || ['and', 'or', 'not'].includes(typed) || !typed && /[\w)`"']\s*$/.test(before)) return [];
    const caret = context.from + context.word.length;
    const gap = context.spaced || context.word ? '' : ' ';
    const named = words.filter(w => w.word.split('(')[0].toLowerCase().includes(typed.toLowerCase()));
    return rank(named.map(w => ({ text: w.word, insert: gap + w.word.replace(/\(.*$/, '('), note: [w.title, w.unit].filter(Boolean).join(' · '), from: caret - typed.length, to: caret })), typed);
}

function keysFor(context, language) {
    const absent = language.keys.filter(k => k.key === context.word || !(k.key in context.rule.keys));
    const options = absent.map(k => ({ text: k.key, insert: k.key + ': ', note: k.help, required: k.required, more: k.words.length > 0 }));
    return rank(options, context.word).sort((a, b) => (b.required ? 1 : 0) - (a.required ? 1 : 0) || 0);
}

/** The unit of the rule's metric, once a number stands there. */
function unitsFor(context, language) {
    const number = context.word.match(/^(-?\d+(?:\.\d+)?)(\s+\S*)?$/);
    const unit = metricOf(context.rule, language)?.unit;
    if (!number || !unit) return [];
    const full = unit + (context.rule.keys.condition === 'rate' ? '/s' : '');
    return (number[2] ?? '').trim() === full ? [] : [{ text: full, insert: `${number[1]} ${full}`, note: context.rule.keys.metric }];
}

export const metricOf = (rule, language) => language.keys.find(k => k.key === 'metric')?.words.find(w => w.word === rule.keys.metric);

/** Beginning with what was typed, then holding it; all of them for nothing typed. */
function rank(options, typed) {
    const word = typed.toLowerCase();
    const starts = options.filter(o => o.text.toLowerCase().startsWith(word));
    const holds = options.filter(o => !starts.includes(o) && (o.text.toLowerCase().includes(word) || o.note?.toLowerCase().includes(word)));
    const found = [...starts, ...(word ? holds : [])];
    return found.length === 1 && found[0].text === typed ? [] : found;
}
