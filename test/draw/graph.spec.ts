import assert from 'node:assert/strict'
import { graph, type LaidGraph } from '../../functions/draw/graph.ts'

const node = (id: string, kind: string, x: number) => ({ id, kind, x, y: 0, width: 10, height: 10 })
const edge = (from: string, to: string) => ({ from, to, points: [{ x: 0, y: 0 }] })
const LAID: LaidGraph = {
  width: 100,
  height: 10,
  nodes: [
    node('Plan', 'Task', 0),
    node('HasWork', 'Choice', 20),
    node('Join', 'Task', 40),
    node('Refresh', 'Task', 60),
  ],
  edges: [
    edge('Plan', 'HasWork'),
    edge('HasWork', 'Join'),
    edge('HasWork', 'Refresh'),
    edge('Join', 'Refresh'),
    edge('Join', 'Plan'),
  ],
}

describe('the state machine as a graph', () => {
  /** How many edges are drawn as used by a run that came to some states. */
  const used = (...states: readonly string[]) => {
    const text = String(graph('a machine', LAID, new Map(states.map(id => [id, { status: 'done', note: '' }]))))
    return text.match(/class="edge used"/g)?.length ?? 0
  }

  it('shows the way of a run through its choices, and no way back', () => {
    assert.equal(used(), 0)
    assert.equal(used('Plan', 'Join'), 2) // by HasWork; not back from Join to Plan
    assert.equal(used('Plan', 'Refresh'), 2)
  })
})
