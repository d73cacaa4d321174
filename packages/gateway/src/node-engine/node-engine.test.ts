import { describeEngine } from '@flotilla/testing';
import { createNodeEngine } from './node-engine.ts';

describeEngine('the engine on node:http', createNodeEngine);
