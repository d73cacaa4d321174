export { OrderService } from './generated/flotilla/orders/v1/orders_pb.ts';
export { newOrderMessageSchema, type OrderFields, orderChangeMessageSchema, toOrderMessage } from './order-message.ts';
