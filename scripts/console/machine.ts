import dagre from '@dagrejs/dagre'
import { type MachineDefinition, readDefinition } from '../../functions/adapters/step-functions/definition.ts'
import type { LaidGraph } from '../../functions/draw/graph.ts'

/** Units of the drawing. */
const HEIGHT = 46
const CHARACTER = 7.6

/** The state machine that is deployed, laid out from left to right. */
export async function layMachine(): Promise<LaidGraph> {
  const definition = await readDefinition()
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 34, marginx: 4, marginy: 4 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const id of Object.keys(definition.States)) {
    graph.setNode(id, { width: Math.max(84, id.length * CHARACTER + 26), height: HEIGHT })
  }
  for (const { from, to } of transitions(definition)) graph.setEdge(from, to)
  dagre.layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    ...{ width, height },
    nodes: graph.nodes().map((id: string) => {
      const { x = 0, y = 0, width, height } = graph.node(id)
      return { id, kind: String(definition.States[id]?.Type), x, y, width, height }
    }),
    edges: graph.edges().map((edge: { readonly v: string; readonly w: string }) => {
      const laid: readonly { readonly x: number; readonly y: number }[] = graph.edge(edge).points ?? []
      const points = laid.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }))
      return { from: edge.v, to: edge.w, points }
    }),
  }
}

/** Where each state may lead. */
function transitions({ States }: MachineDefinition): { readonly from: string; readonly to: string }[] {
  return Object.entries(States).flatMap(([from, state]) => {
    const nested = [state.Choices, state.Catch].flatMap(list => (Array.isArray(list) ? list : []))
    const targets = [state.Next, state.Default, ...nested.map(({ Next }: { readonly Next?: unknown }) => Next)]
    return [...new Set(targets)].flatMap(to => (typeof to === 'string' ? [{ from, to }] : []))
  })
}
