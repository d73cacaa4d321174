export { type Dashboard, type DashboardOptions, mountDashboard } from './dashboard.ts';
