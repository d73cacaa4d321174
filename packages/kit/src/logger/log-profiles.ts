import type { LogProfile } from '../config/index.ts';
import { ecsShape } from './ecs-line.ts';
import type { LineShape } from './line-shape.ts';
import { otelShape } from './otel-line.ts';

/** The shape of a profile; undefined: lines stay as the logger makes them. */
export function shapeOf(profile: LogProfile): LineShape | undefined {
  switch (profile) {
    case 'native':
      return undefined;
    case 'ecs':
      return ecsShape;
    case 'otel':
      return otelShape;
    default:
      return profile satisfies never;
  }
}
