/*
 * The interpreter of state machines. Its build for browsers is one file with all that it needs and is loaded in a third of the
 * time of the one for Node, which brings the SDK's Lambda client and 90 modules of a validator (npm run bench -- --part
 * startup). The package names it for browsers only, so it is found beside the other.
 */
const url = new URL('main.browser.esm.js', import.meta.resolve('aws-local-stepfunctions'))

/** The package, with the types of its entry point. */
export const { ExecutionError, StateMachine }: typeof import('aws-local-stepfunctions') = await import(url.href)

export type StateMachine = import('aws-local-stepfunctions').StateMachine
