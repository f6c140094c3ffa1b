const KEY = 'theme'
const THEMES = ['auto', 'light', 'dark'] as const

/** Light, dark, or as the system wants it: what the button goes through is kept in this browser. */
export function startTheme(button: HTMLElement): void {
  let theme = THEMES.find(each => each === localStorage.getItem(KEY)) ?? 'auto'
  const apply = () => {
    if (theme === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    button.textContent = { auto: 'Auto', light: 'Light', dark: 'Dark' }[theme]
    button.setAttribute('aria-label', `Colours: ${theme}`)
  }
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    localStorage.setItem(KEY, theme)
    apply()
  })
  apply()
}
