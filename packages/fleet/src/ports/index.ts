export { placePorts } from './place-ports.ts';
