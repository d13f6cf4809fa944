"""The wordings that the lint of messages looks for, in English, Simplified and Traditional Chinese (rulebook 2.10).

Texts arrive folded (compatibility forms, lower case, no invisible characters), so the patterns are in lower case. Each
must name an intent, not a topic: "coupon" is one, "discount" on an order's own price is not.
"""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


MARKETING = _any(
    r"\bcoupons?\b",
    r"\bvouchers?\b(?! number)",
    r"\b(?:promo|promotional|promotion|discount|rebate|referral) ?codes?\b",
    r"\b\d{1,2} ?(?:%|percent) (?:off|discount)\b",
    r"\bdiscount (?:on|for|off) (?:your|the|any) (?:next|future|other)\b",
    r"\b(?:next|future) (?:purchase|order)s?\b[^.!?\n]{0,40}\b(?:discount|cheaper|save|off|free)\b",
    r"\b(?:special|exclusive|limited[- ]time|best|great) (?:offer|deal|discount|promotion)s?\b",
    r"\b(?:flash|clearance|summer|winter|spring|autumn|holiday|black friday|big|huge) sale\b",
    r"\bon sale (?:now|today|this week)\b",
    r"\bbuy (?:one|two|1|2)[, ]+get\b",
    r"\b(?:visit|check out|browse|see|explore|take a look at) (?:our|my)(?: \w+){0,2} "
    r"(?:store|shop|storefront|website|site|web page|page|products|items|collection|range|brand)\b",
    r"\b(?:our|my) (?:other|new|latest|whole|full) (?:products|items|collection|arrivals|range|lines?)\b",
    r"\b(?:like|follow|find|join|add|subscribe to) (?:us|our)(?: \w+){0,2} "
    r"(?:on (?:facebook|instagram|tiktok|twitter|youtube|pinterest|social)|newsletter|mailing list|channel"
    r"|page|community)",
    r"\bfollow us\b",
    r"\bsubscribe\b",
    r"\bnewsletter\b",
    r"\bnew arrivals?\b",
    r"\b(?:buy|order|shop|purchase) (?:with|from) us (?:again|directly)\b",
    r"\b(?:buy|order|shop|purchase) (?:it )?(?:again|more|directly)(?: from| with| at| on| in) (?:us|our"
    r"|my)\b",
    r"\b(?:loyalty|vip|membership|reward|affiliate) (?:club|program|programme|points?)\b",
    r"\btell (?:your|all your) friends\b",
    r"\brecommend us\b",
    r"优惠[券码卷]|折扣[券码]|促销|特价|满减|秒杀|大促|限时(?:优惠|折扣|特惠)|代金券|抵用券|红包|返现|返利"
    r"|礼品卡",
    r"優惠[券碼卷]|折扣[券碼]|促銷|特價|滿減|秒殺|大促|限時(?:優惠|折扣|特惠)|代金券|抵用券|折價券|紅包"
    r"|返現|回饋金|禮品卡|現金回饋",
    r"(?<!\d)\d(?:\.\d)?折(?:优惠|優惠|促|起|扣|购买|購買|下单|下單)|打[一二三四五六七八九\d](?:\.\d)?折",
    r"(?:下次|再次|下一次)(?:购买|購買|购物|購物|下单|下單|光临|光臨)[^。!?\n]{0,12}(?:优惠|優惠|折|立减"
    r"|立減|便宜|赠|贈)",
    r"(?:关注|關注|收藏|浏览|瀏覽|逛逛|光临|光臨|访问|訪問)(?:一下)?(?:我们|我們|我|本店|小店"
    r"|咱们)?的?(?:店铺|店鋪|网店|網店|官网|官網|主页|主頁|公众号|公眾號|网站|網站|粉丝|粉絲)",
    r"新品(?:上市|推荐|推薦|上架|首发|首發)|新款上架|会员(?:积分|福利|日)|會員(?:積分|福利|日)"
    r"|加(?:入)?(?:粉丝|粉絲|会员|會員)群",
    r"推荐给(?:朋友|亲友)|推薦給(?:朋友|親友)|介绍朋友|介紹朋友|欢迎(?:再次|下次)(?:购买|光临|惠顾)"
    r"|歡迎(?:再次|下次)(?:購買|光臨|惠顧)",
)

_REVIEW = r"(?:reviews?|ratings?|feedback|testimonials?|stars?)"
REVIEW_ASK = _any(
    rf"\b(?:leave|leaving|write|writing|post|posting|give|giving|submit|submitting|share|sharing|provide"
    rf"|drop|add)\b"
    rf"(?: (?:us|me|our|your|a|an|the|some|any|honest|quick|short|product|seller|good|nice|great|positive|5"
    rf"|five)){{0,5}}"
    rf"[- ]{_REVIEW}\b",
    r"\b(?:5|five)[- ]?stars?\b",
    rf"\b(?:positive|good|great|nice|favou?rable) {_REVIEW}\b",
    r"\brate (?:us|our|your (?:purchase|experience|order))\b",
    rf"\breview (?:us|our (?:product|shop|store|item))\b|\byour {_REVIEW} (?:helps?|means?|matters?|would)\b",
    r"好评|五星|5星|给个?(?:评价|评分)|留(?:下|个|一个)?(?:您的)?(?:评价|评论|评分|反馈)|写(?:下|个|一个"
    r"|一条)?(?:评价|评论|好评)"
    r"|晒[单图]|追评|(?:欢迎|期待|希望|麻烦|请)(?:您)?(?:的)?(?:评价|评论|打分)",
    r"好評|5星|給個?(?:評價|評分)|留(?:下|個|一個)?(?:您的)?(?:評價|評論|評分|回饋)|寫(?:下|個|一個"
    r"|一則)?(?:評價|評論|好評)"
    r"|曬[單圖]|追評|(?:歡迎|期待|希望|麻煩|請)(?:您)?(?:的)?(?:評價|評論|打分)",
)
REVIEW_CHANGE = _any(
    rf"\b(?:change|remove|delete|update|revise|edit|withdraw|take down|reconsider|retract|modify|raise"
    rf"|improve|correct)"
    rf"(?: (?:your|the|this|that|a|negative|bad|low|1|one|product|seller|star))*[- ]{_REVIEW}\b",
    r"\btake (?:your|the|that)(?: \w+)? review down\b",
    r"(?:修改|更改|删除|撤销|撤回|删掉|改一?下)(?:一下)?(?:您的|你的|该|这条|那条|此)?(?:差评|中评|评价"
    r"|评论|评分|留言)|改评|删评|取消差评",
    r"(?:修改|更改|刪除|撤銷|撤回|刪掉|改一?下)(?:一下)?(?:您的|你的|該|這條|這則|那則|此)?(?:差評|負評"
    r"|中評|評價|評論|評分|留言)|改評|刪評|取消差評",
)
REVIEW_WORD = _any(
    rf"\b{_REVIEW}\b", r"[评評][价價论論分语語]|好[评評]|差[评評]|负评|負評|五星|5星|晒[单图]|曬[單圖]"
)
REWARD = _any(
    r"\b(?:refund|gift|gift card|cash|cashback|money|reward|compensation|compensate|free|bonus|replacement"
    r"|reimburse"
    r"|discount|coupon|credit|paypal)\b",
    r"退款|返现|红包|赠品|礼品|送您|送你|补偿|补贴|免费|全额退|報酬|返現|紅包|贈品|禮品|補償|補貼|免費"
    r"|全額退|現金|现金|奖励|獎勵",
)

# Telling the buyer to cancel, whether by the button or by words.
CANCEL_ASK = _any(
    r"\b(?:please|kindly|can you|could you|would you|you (?:can|could|should|need to|must|have to"
    r"|may want to)"
    r"|ask you to|want you to|need you to|advise you to|suggest (?:that )?you)(?: \w+){0,3}? "
    r"(?:cancel|(?:request|submit|file|send|open|make|start)(?: (?:us|a|an|the|for|order"
    r"|your)){0,3} cancell?(?:ation)?)\b",
    r"\bcancel (?:the|your|this) (?:order|purchase)(?: (?:yourself|on your side|from your side|for us"
    r"|in your account))",
    r"\b(?:submit|file|send|open|request)(?: (?:us|a|an|the|order|your)){0,3} cancell?ation(?: request)?\b",
    r"(?:请|麻烦|烦请|劳烦|需要|能否|可否|可以|建议|希望|帮忙|您)(?:您|你)?[^。!?\n,，;；]{0,12}(?:取消"
    r"|退掉|撤销)[^。!?\n,，;；]{0,6}(?:订单|购买|单|申请|一下)",
    r"(?:請|麻煩|煩請|勞煩|需要|能否|可否|可以|建議|希望|幫忙|您)(?:您|你)?[^。!?\n,，;；]{0,12}(?:取消"
    r"|退掉|撤銷)[^。!?\n,，;；]{0,6}(?:訂單|購買|單|申請|一下)",
    r"(?:提交|发起|发送|点击)[^。!?\n]{0,10}取消(?:申请|请求|订单)|(?:申请|请求)取消",
    r"(?:提交|發起|發送|點擊)[^。!?\n]{0,10}取消(?:申請|請求|訂單)|(?:申請|請求)取消",
)
# Why it would be the seller's own failing to fill the order (S3-27).
SELLER_FAULT = _any(
    r"\bout[- ]of[- ]stock\b",
    r"\b(?:no|not|isn't|not any) (?:longer |more )?(?:in )?(?:stock|inventory)\b",
    r"\b(?:sold[- ]out|oversold|unavailable|discontinued|back[- ]?ordered|out of inventory|ran out"
    r"|run out)\b",
    r"\bno longer (?:available|carry|sell|have)\b|\b(?:is|are) not available\b"
    r"|\bdo(?:es)? ?n[o']t have (?:it|this|the item)\b",
    r"\bstock (?:problem|issue|error|shortage)\b|\binventory (?:problem|issue|error|mistake)\b",
    r"\b(?:pric(?:e|ing)) (?:error|mistake|was wrong|is wrong)\b|\bwrong price\b",
    r"\b(?:can ?not|can't|unable to) (?:ship|fulfil|fulfill|deliver|supply|send)\b",
    r"缺货|无货|没货|没有货|断货|售罄|卖完|卖光|库存(?:不足|没有|为零|错误)|没有?库存|暂无库存|无库存|停产"
    r"|价格(?:标错|错误|设置错误)|无法发货|不能发货|发不了货",
    r"缺貨|無貨|沒貨|沒有貨|斷貨|售罄|賣完|賣光|庫存(?:不足|沒有|為零|錯誤)|沒有?庫存|暫無庫存|無庫存|停產"
    r"|價格(?:標錯|錯誤|設置錯誤)|無法(?:出貨|發貨)|不能(?:出貨|發貨)|出不了貨",
)

SHIPPING_NEWS = _any(
    r"\byour (?:order|package|parcel|item|purchase)s?(?: \w+)? (?:has|have|was|were|is|are)(?: been| now"
    r"| just| already| out)*"
    r" (?:shipped|dispatched|sent|on (?:its|the) way|mailed|posted|in transit|for delivery)\b",
    r"\bwe(?:'ve| have)?(?: just| already| now)? (?:shipped|dispatched|mailed|posted) (?:your|the|it|this)\b",
    r"\b(?:your|the) tracking (?:number|id|code) is\b",
    r"(?:订单|包裹|商品|货物|宝贝)?已经?(?:发货|寄出|发出|出库)|发货(?:通知|提醒)|快递单号[为是:]",
    r"(?:訂單|包裹|商品|貨物)?已經?(?:發貨|出貨|寄出|寄送|出庫)|(?:發貨|出貨)(?:通知|提醒)|(?:快遞|物流"
    r"|託運)單號[為是:]",
)

# What a message may consist of besides its thanks and still say nothing.
THANKS = _any(
    r"\b(?:many )?thank(?:s| you)\b(?: (?:so|very|all|again|once|more|a lot|much))*",
    r"谢谢|感谢|多谢|謝謝|感謝|多謝",
)
PLEASANTRIES = _any(
    r"\b(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings)\b[^\n,.!:]{0,40}[,.!:\n]?",
    r"\b(?:many )?thank(?:s| you)\b[^.!?\n]*",
    r"\b(?:we|i)(?: (?:really|truly|greatly|highly))? (?:appreciate|value)\b[^.!?\n]*",
    r"\b(?:kind|best|warm|sincerely|yours|regards|cheers|truly)\b[^.!?\n]*",
    r"\b(?:have a|enjoy|hope you|we hope|i hope)\b[^.!?\n]*",
    r"\bit (?:was|is) (?:a|our|my) pleasure\b[^.!?\n]*",
    r"(?:您好|你好|亲爱的|親愛的|尊敬的|亲|親)(?:[^,。!\n]{0,10}(?:客户|客戶|买家|買家|顾客|顧客"
    r"|朋友))?[,。!:~]*",
    r"(?:非常|十分|衷心|再次)?(?:谢谢|感谢|多谢|謝謝|感謝|多謝)[^。!?\n]*",
    r"(?:祝|愿|願|希望)(?:您|你)[^。!?\n]*|此致|敬礼|敬禮|顺颂商祺|順頌商祺",
)
