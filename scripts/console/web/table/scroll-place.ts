/** How tall a content is, and the box that it scrolls in, in pixels. */
export interface ScrollSize {
  readonly content: number
  readonly box: number
}

/** Where a box stands: its `scrollTop`, and the pixel of the content at its top. The two differ where the content is scaled. */
export interface ScrollPlace {
  readonly scrollTop: number
  readonly top: number
}

/** Browsers lay out nothing below some 17 million pixels (Firefox): contents that are taller than this are scaled. */
export const TALLEST = 8_000_000

/** A move by up to so many boxes goes by the pixel, however tall the content is. */
const NEAR = 20

/** The height of what is scrolled in the browser's terms. */
export function canvasHeight({ content }: ScrollSize): number {
  return Math.min(content, TALLEST)
}

/** The place after the browser has scrolled to `scrollTop`. */
export function movedPlace(place: ScrollPlace, scrollTop: number, size: ScrollSize): ScrollPlace {
  const last = Math.max(0, canvasHeight(size) - size.box)
  const by = scrollTop - place.scrollTop
  const isFar = Math.abs(by) > NEAR * size.box || scrollTop <= 0 || scrollTop >= last - 1
  return { scrollTop, top: within(isFar ? topAt(scrollTop, size) : place.top + by, size) }
}

/** The place with a pixel of the content at its top, as near as the content's ends allow. */
export function placeAt(top: number, size: ScrollSize): ScrollPlace {
  const near = within(top, size)
  const { edge, factor, last } = scaleOf(size)
  const fromEnd = size.content - size.box - near
  if (near <= edge) return { scrollTop: near, top: near }
  return { scrollTop: fromEnd <= edge ? last - fromEnd : edge + (near - edge) / factor, top: near }
}

function topAt(scrollTop: number, size: ScrollSize): number {
  const { edge, factor, last } = scaleOf(size)
  if (scrollTop <= edge) return scrollTop
  if (scrollTop >= last - edge) return size.content - size.box - (last - scrollTop)
  return edge + (scrollTop - edge) * factor
}

/** Pixels of the content to one of the canvas between its edges, in which they are the same: so a small move leads to no end. */
function scaleOf(size: ScrollSize): { readonly edge: number; readonly factor: number; readonly last: number } {
  const last = Math.max(0, canvasHeight(size) - size.box)
  if (size.content <= TALLEST) return { edge: last, factor: 1, last }
  const edge = Math.min(NEAR * size.box, last / 4)
  return { edge, factor: (size.content - size.box - 2 * edge) / (last - 2 * edge), last }
}

function within(top: number, { content, box }: ScrollSize): number {
  return Math.max(0, Math.min(top, content - box))
}
