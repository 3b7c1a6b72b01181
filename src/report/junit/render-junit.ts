import { visible } from '../../errors/visible.ts';
import { html, trusted, type Markup } from '../markup.ts';

/** A test case of a report for CI. */
export interface JUnitCase {
  readonly name: string;
  /** The message says what did not hold, what went wrong, or why it does not count. */
  readonly outcome?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly message: string };
}

export interface JUnitSuite {
  /** `model.onnx on photos`. */
  readonly name: string;
  readonly cases: readonly JUnitCase[];
  readonly seconds: number;
  /** When it ended, as `2026-11-30T12:00:00` in UTC. */
  readonly timestamp: string;
  /** Version of Gimbal. */
  readonly gimbal: string;
}

/** Stands in every report of ours: such a file may be replaced. */
export const JUNIT_MARK = '<!-- Written by gimbal evaluate. -->';

/**
 * A suite as JUnit XML, by the rules of both schemas that are in use: Jenkins's, and the stricter one of Ant's reports.
 * Text is escaped as in our pages: its entities are those of XML, and characters that XML may not hold are written out.
 */
export function renderJUnit({ name, cases, seconds, timestamp, gimbal }: JUnitSuite): string {
  const count = (kind: string): number => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const unsuccessful = html`failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
  const counts = html`tests="${cases.length}" ${unsuccessful}`;
  const times = html`time="${seconds.toFixed(3)}" timestamp="${timestamp}"`;
  return html`${trusted('<?xml version="1.0" encoding="UTF-8"?>')}
${trusted(JUNIT_MARK)}
<testsuites>
  <testsuite name="${visible(name)}" package="gimbal" id="0" ${counts} ${times} hostname="localhost">
    <properties>
      <property name="gimbal" value="${gimbal}"/>
    </properties>${cases.map((one) => testCase(one, name))}
    <system-out></system-out>
    <system-err></system-err>
  </testsuite>
</testsuites>
`.text;
}

function testCase({ name, outcome }: JUnitCase, suite: string): Markup {
  const opening = html`
    <testcase name="${visible(name)}" classname="${visible(suite)}" time="0"`;
  if (outcome === undefined) return html`${opening}/>`;
  const message = visible(outcome.message);
  if (outcome.kind === 'skipped')
    return html`${opening}>
      <skipped message="${message}"/>
    </testcase>`;
  const tag = trusted(outcome.kind);
  const type = outcome.kind === 'failure' ? 'below-threshold' : 'run-failed';
  return html`${opening}>
      <${tag} type="${type}" message="${message}">${message}</${tag}>
    </testcase>`;
}
