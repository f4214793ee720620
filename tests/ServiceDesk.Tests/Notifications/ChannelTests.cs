using System.Globalization;
using System.Net;
using System.Text;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Channels;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>The exact bytes that go over each wire.</summary>
public sealed class ChannelTests
{
    private static readonly Destination Robot = new("https://robot.example.com/send?key=k1", []);

    [Fact]
    public void A_webhook_is_signed_as_the_standard_says()
    {
        var key = WebhookSignature.KeyOf(Some.Secret)!;
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"u8));
        Assert.Null(WebhookSignature.KeyOf("whsec_c2hvcnQ="));
        Assert.Null(WebhookSignature.KeyOf(Some.Secret["whsec_".Length..]));
    }

    [Fact]
    public void A_webhook_carries_the_facts_and_a_signature_for_each_secret()
    {
        var other = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("another secret of 24 byte"));
        var letter = Webhook.LetterOf(new Destination("https://hooks.example.com/in", [other, Some.Secret]), Some.Message(), Some.At);
        Golden("""
            {"type":"ticket.en-route","timestamp":"2023-11-14T22:13:20.000Z","data":{"ticket":"T-1001","milestone":"en-route","priority":"P2","device":"pump-1","site":"works","since":"2023-11-14T21:13:20.000Z","next":"visit","nextBy":"2023-11-15T00:13:20.000Z","accountable":"tech-7","fault":"Bearing worn","subject":"T-1001 P2: Technician on the way – Bearing worn","text":"What: Technician on the way: Bearing worn\nthe technician is on the way\nWhere: pump-1, works\nSince: 2023-11-15 05:13 UTC+08:00\nNext: visit 2023-11-15 08:13 UTC+08:00\nResponsible: tech-7","link":"https://service.example.com/tickets/T-1001"}}
            """, letter);
        var headers = letter.Headers.ToDictionary(h => h.Name, h => h.Value);
        Assert.Equal(("msg_1", "1700000000"), (headers["webhook-id"], headers["webhook-timestamp"]));
        var signatures = headers["webhook-signature"].Split(' ');
        Assert.Equal(2, signatures.Length);   // while it is changed the receiver may know either
        Assert.Equal(WebhookSignature.Of(WebhookSignature.KeyOf(Some.Secret)!, "msg_1", Some.At, letter.Body), signatures[1]);
    }

    [Fact]
    public void WeCom_takes_one_message_as_text() => Golden("""
        {"msgtype":"text","text":{"content":"T-1001 P2: 技术员出发 – 轴承磨损\n事项：技术员出发: 轴承磨损\n技术员已出发\n位置：pump-1, works\n起始：2023-11-15 05:13 UTC+08:00\n下一步：2023-11-15 08:13 UTC+08:00 上门\n负责人：tech-7\nhttps://service.example.com/tickets/T-1001"}}
        """, Wecom.LetterOf(Robot, Some.Message("zh")));

    [Fact]
    public void WeCom_cuts_at_2048_and_4096_bytes_between_characters()
    {
        var text = new string('修', 3000);
        foreach (var (bytes, kept) in new[] { (2048, 681), (4096, 1364), (7, 1) })
        {
            var cut = Utf8Cut.To(text, bytes);
            Assert.True(Encoding.UTF8.GetByteCount(cut) <= bytes);
            Assert.Equal(new string('修', kept) + "…", cut);
        }
        Assert.Equal("a…", Utf8Cut.To("a🔧🔧", 6));   // an emoji is never halved
        Assert.Equal("abc", Utf8Cut.To("abc", 3));
    }

    [Fact]
    public void DingTalk_is_signed_with_time_and_secret()
    {
        var letter = Dingtalk.LetterOf(new Destination("https://oapi.dingtalk.com/robot/send?access_token=t1", ["SECtest"]), Some.Message(), Some.At);
        Assert.Equal("https://oapi.dingtalk.com/robot/send?access_token=t1&timestamp=1700000000000&sign=aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D", letter.Url.AbsoluteUri);
        Golden("""
            {"msgtype":"markdown","markdown":{"title":"T-1001 P2: Technician on the way – Bearing worn","text":"**T-1001 P2: Technician on the way – Bearing worn**\n- What: Technician on the way: Bearing worn\n- the technician is on the way\n- Where: pump-1, works\n- Since: 2023-11-15 05:13 UTC+08:00\n- Next: visit 2023-11-15 08:13 UTC+08:00\n- Responsible: tech-7\n[Open](https://service.example.com/tickets/T-1001)"}}
            """, letter);
    }

    [Fact]
    public void Feishu_is_signed_over_nothing_with_time_and_secret_as_the_key()
    {
        Assert.Equal("8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=", Feishu.Sign("demo", Some.At));
        Golden("""
            {"timestamp":"1700000000","sign":"8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=","msg_type":"text","content":{"text":"T-1001: 技术员出发\n事项：技术员出发\n位置：pump-1, works\n起始：2023-11-15 05:13 UTC+08:00\n下一步：2023-11-15 08:13 UTC+08:00 上门\n负责人：tech-7\nhttps://service.example.com/track/TRACK23"}}
            """, Feishu.LetterOf(new Destination("https://open.feishu.cn/open-apis/bot/v2/hook/h1", ["demo"]), Some.Message("zh", Audience.Customer), Some.At));
    }

    [Fact]
    public void Teams_takes_an_adaptive_card_that_only_tells_and_links()
    {
        Golden("""
            {"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard","version":"1.4","body":[{"type":"TextBlock","text":"T-1001 P2: Technician on the way – Bearing worn","weight":"Bolder","wrap":true},{"type":"TextBlock","text":"What: Technician on the way: Bearing worn\n\nthe technician is on the way\n\nWhere: pump-1, works\n\nSince: 2023-11-15 05:13 UTC+08:00\n\nNext: visit 2023-11-15 08:13 UTC+08:00\n\nResponsible: tech-7","wrap":true}],"actions":[{"type":"Action.OpenUrl","title":"Open","url":"https://service.example.com/tickets/T-1001"}]}}]}
            """, Teams.LetterOf(Robot, Some.Message()));
        var endless = Some.Message() with { Subject = new string('泵', 9000), Lines = [.. Enumerable.Repeat("\"" + new string('修', 500), 200)] };
        Assert.True(Teams.LetterOf(Robot, endless).Body.Length <= 28 * 1024);
    }

    [Fact]
    public void Slack_reads_no_markup_in_what_devices_are_called() => Golden("""
        {"text":"*T-1001 P2: a &lt;b&gt; &amp; c*\nWhere: x\n<https://service.example.com/tickets/T-1001|Open>","unfurl_links":false}
        """, Slack.LetterOf(Robot, Some.Message() with { Subject = "T-1001 P2: a <b> & c", Lines = ["Where: x"] }));

    [Fact]
    public void An_sms_is_posted_to_the_gateway_signed()
    {
        var letter = Sms.LetterOf(new SmsGateway(new Uri("https://sms.example.com/send"), "gateway-key"), new Destination("+4917012345678", []), Some.Message(publicUrl: null) with { Short = ["T-1001 Technician on the way. pump-1, works. Responsible: tech-7"] }, Some.At);
        Golden("""
            {"to":"+4917012345678","text":"T-1001 Technician on the way. pump-1, works. Responsible: tech-7","id":"msg_1"}
            """, letter);
        Assert.Contains(("webhook-signature", "v1,B81UZMFa1R+krG7yVRfEc5RuqkQqFLigfMhIwuzsMNc="), letter.Headers);
    }

    [Theory]
    [InlineData("en", 160)]
    [InlineData("zh", 70)]
    public void An_sms_is_one_sms_and_names_who_answers(string language, int most)
    {
        foreach (var site in new[] { "works", new string('s', 60), new string('s', 300), "厂区" })
        {
            var text = ShortMessage.Of(Some.Composer(language, "https://service.example.com").Of("msg_1", Some.Facts(Audience.Customer, site: site, accountable: "tech-7")));
            Assert.True(text.Length <= most, text);
            Assert.True(ShortMessage.Fits(text), text);
            Assert.Contains("tech-7", text, StringComparison.Ordinal);
            Assert.StartsWith("T-1001", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("€", 80)]
    [InlineData("a", 160)]
    [InlineData("ü", 160)]
    [InlineData("ů", 70)]
    public void The_alphabet_of_an_sms_decides_how_much_fits(string letter, int most)
    {
        Assert.True(ShortMessage.Fits(string.Concat(Enumerable.Repeat(letter, most))));
        Assert.False(ShortMessage.Fits(string.Concat(Enumerable.Repeat(letter, most + 1))));
    }

    [Fact]
    public void A_mail_is_the_same_bytes_each_time_and_threads_by_ticket()
    {
        using var mail = Mail.Of("desk@example.com", "ops@example.org", Some.Message("zh", publicUrl: null) with { Lines = ["位置：<pump-1>"] });
        using var stream = new MemoryStream();
        var format = MimeKit.FormatOptions.Default.Clone();
        format.NewLineFormat = MimeKit.NewLineFormat.Unix;
        mail.WriteTo(format, stream);
        Assert.Equal("""
            From: desk@example.com
            Date: Tue, 14 Nov 2023 22:13:20 +0000
            Subject: [T-1001] P2: =?utf-8?b?5oqA5pyv5ZGY5Ye65Y+RIOKAkyDovbTmib/no6jmjZ8=?=
            Message-Id: <msg_1@example.com>
            In-Reply-To: <ticket.T-1001@example.com>
            To: ops@example.org
            References: <ticket.T-1001@example.com>
            Auto-Submitted: auto-generated
            Content-Language: zh-CN
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="=_msg_1"

            --=_msg_1
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            5L2N572u77yaPHB1bXAtMT4NCg==

            --=_msg_1
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: base64

            PCFET0NUWVBFIGh0bWw+DQo8aHRtbCBsYW5nPSJ6aC1DTiI+PGJvZHk+DQo8aDE+VC0xMDAxIFAy
            OiDmioDmnK/lkZjlh7rlj5Eg4oCTIOi9tOaJv+ejqOaNnzwvaDE+DQo8cD7kvY3nva7vvJombHQ7
            cHVtcC0xJmd0OzwvcD4NCjwvYm9keT48L2h0bWw+DQo=

            --=_msg_1--

            """.ReplaceLineEndings("\n"), Encoding.ASCII.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData("{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}", "errcode", "errcode 45009")]
    [InlineData("{\"errcode\":0,\"errmsg\":\"ok\"}", "errcode", null)]
    [InlineData("{\"code\":19021,\"msg\":\"sign match fail\"}", "code", "code 19021")]
    [InlineData("ok", "code", null)]
    public void A_robot_that_answers_200_may_still_have_refused(string body, string member, string? expected) => Assert.Equal(expected, HttpChannel.ErrorIn(body, member));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.178.20")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    public void An_address_of_our_own_network_is_refused(string address) => Assert.NotNull(PublicAddresses.Refuse(IPAddress.Parse(address)));

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:220:1::1")]
    [InlineData("64:ff9b::5db8:d822")]
    public void A_public_address_is_not(string address) => Assert.Null(PublicAddresses.Refuse(IPAddress.Parse(address)));

    private static void Golden(string expected, Letter letter) => Assert.Equal(expected.Trim(), Encoding.UTF8.GetString(letter.Body));
}
