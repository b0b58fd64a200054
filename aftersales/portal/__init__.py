"""The customer's face at `/`: prove an order, ask for a return or an exchange, follow it. No tables; calls actions only."""
