// Runs before the first paint, so that the page does not flash in the wrong theme.
const theme = localStorage.getItem('polyptych.theme')
if (theme) document.documentElement.dataset.theme = theme
