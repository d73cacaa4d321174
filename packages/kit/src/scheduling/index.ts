export { Flights } from './flights.ts';
export { Heap, type HeapItem } from './heap.ts';
export { WeightedRotation } from './weighted-rotation.ts';
