// Runs before the first paint, so that a theme that was chosen does not flash.
const theme = localStorage.getItem('polyptych.theme')
if (theme) document.documentElement.dataset.theme = theme
