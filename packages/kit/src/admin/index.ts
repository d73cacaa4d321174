export { createAdminApp } from './admin-app.ts';
