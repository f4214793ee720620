// The style sheet's tokens as colours that a canvas understands: light-dark() is resolved by the browser, not by us.
const probe = document.createElement('span');
probe.hidden = true;
document.body.append(probe);

export function colour(token) {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
}

export const severityColour = severity => colour(severity >= 1 && severity <= 3 ? `p${severity}` : 'control');

/** Calls back when the colours change with the system's theme. */
export function onThemeChange(redraw) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
}

export const font = getComputedStyle(document.body).fontFamily;
export const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
