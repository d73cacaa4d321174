export { ChangesRefused, type FileChange, writeChanges } from './changes.ts';
export { type Draft, type HandEdit, WishRefused } from './draft.ts';
export { draftAggregate, type NewAggregateWish } from './new-aggregate.ts';
export { draftMigration, type NewMigrationWish } from './new-migration.ts';
export { draftProject, type NewProjectWish } from './new-project.ts';
export { draftRoute, type NewRouteWish } from './new-route.ts';
export { draftService, type NewServiceWish } from './new-service.ts';
