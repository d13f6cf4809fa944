"""Usage plans: how often each operation may be called (tokens a second, size of the bucket), as Amazon publishes them.

SELLERDESK_RATE_LIMIT_SCALE multiplies both numbers; 1 is Amazon's own plan.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    rate: float
    burst: float

    def scaled(self, factor: float) -> "Plan":
        """The plan under a scale; a bucket holds at least one token, or nobody could ever ask."""
        return Plan(self.rate * factor, max(1.0, self.burst * factor))


PLANS: dict[str, Plan] = {
    "ordersV0.getOrders": Plan(0.0167, 20),
    "ordersV0.getOrder": Plan(0.5, 30),
    "ordersV0.getOrderBuyerInfo": Plan(0.5, 30),
    "ordersV0.getOrderAddress": Plan(0.5, 30),
    "ordersV0.getOrderItems": Plan(0.5, 30),
    "ordersV0.getOrderItemsBuyerInfo": Plan(0.5, 30),
    "ordersV0.updateShipmentStatus": Plan(5, 15),
    "ordersV0.getOrderRegulatedInfo": Plan(0.5, 30),
    "ordersV0.updateVerificationStatus": Plan(0.5, 30),
    "ordersV0.confirmShipment": Plan(2, 10),
    "orders2026.searchOrders": Plan(0.0056, 20),
    "orders2026.getOrder": Plan(0.5, 30),
    "orders2026.cancelOrder": Plan(1, 5),
    "messaging.getMessagingActionsForOrder": Plan(1, 5),
    "messaging.confirmCustomizationDetails": Plan(1, 5),
    "messaging.createConfirmDeliveryDetails": Plan(1, 5),
    "messaging.createLegalDisclosure": Plan(1, 5),
    "messaging.createConfirmOrderDetails": Plan(1, 5),
    "messaging.createConfirmServiceDetails": Plan(1, 5),
    "messaging.CreateWarranty": Plan(1, 5),
    "messaging.GetAttributes": Plan(1, 5),
    "messaging.createDigitalAccessKey": Plan(1, 5),
    "messaging.createUnexpectedProblem": Plan(1, 5),
    "messaging.sendInvoice": Plan(1, 5),
    "solicitations.getSolicitationActionsForOrder": Plan(1, 5),
    "solicitations.createProductReviewAndSellerFeedbackSolicitation": Plan(1, 5),
    "financesV0.listFinancialEventGroups": Plan(0.5, 30),
    "financesV0.listFinancialEventsByGroupId": Plan(0.5, 30),
    "financesV0.listFinancialEventsByOrderId": Plan(0.5, 30),
    "financesV0.listFinancialEvents": Plan(0.5, 30),
    "finances2024.listTransactions": Plan(0.5, 10),
    "externalReturns.listReturns": Plan(2, 10),
    "externalReturns.getReturn": Plan(2, 10),
    "uploads.createUploadDestinationForResource": Plan(10, 10),
    "sellers.getMarketplaceParticipations": Plan(0.016, 15),
    "sellers.getAccount": Plan(0.016, 15),
    "tokens.createRestrictedDataToken": Plan(1, 10),
    "notifications.getSubscriptions": Plan(1, 5),
    "notifications.getSubscription": Plan(1, 5),
    "notifications.createSubscription": Plan(1, 5),
    "notifications.getSubscriptionById": Plan(1, 5),
    "notifications.deleteSubscriptionById": Plan(1, 5),
    "notifications.sendTestNotification": Plan(1, 5),
    "notifications.getDestinations": Plan(1, 5),
    "notifications.createDestination": Plan(1, 5),
    "notifications.getDestination": Plan(1, 5),
    "notifications.deleteDestination": Plan(1, 5),
}


def header(rate: float) -> str:
    """The value of x-amzn-RateLimit-Limit: a decimal with at least one digit behind the point."""
    whole, _, fraction = f"{rate:.6f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"
