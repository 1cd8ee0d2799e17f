using ServerlessCA.Local.Delivery.Settings;
using Xunit;

namespace ServerlessCA.Local.Tests.Delivery.Settings;

public sealed class NotificationSettingsTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void Without_targets_nobody_is_notified(string json)
    {
        NotificationSettings settings = TestTargets.Read(json);

        Assert.Empty(settings.Targets);
        Assert.Empty(settings.Problems);
    }

    [Fact]
    public void The_setting_may_be_absent() => Assert.Empty(NotificationSettings.Read(default, "/data", "serverless").Problems);

    [Fact]
    public void Slack_has_a_target_for_each_channel()
    {
        NotificationSettings settings = TestTargets.Read(
            """[{"type":"slack","token_env":"SLACK_TOKEN","channels":["one"," two "],"username":"Bot","good_emoji":":tada:","base_url":"http://127.0.0.1:9000/api"}]""");

        Assert.Empty(settings.Problems);
        SlackTargetSettings[] targets = [.. settings.Targets.Cast<SlackTargetSettings>()];
        Assert.Equal(["one", "two"], targets.Select(target => target.Channel));
        Assert.Equal(new SecretSource("SLACK_TOKEN", null), targets[0].Token);
        Assert.Equal(("Bot", ":tada:", ":octagonal_sign:", ":warning:", "serverless"),
            (targets[0].Style.Username, targets[0].Style.GoodEmoji, targets[0].Style.BadEmoji, targets[0].Style.WarningEmoji, targets[0].Style.Project));
        Assert.Equal("http://127.0.0.1:9000/api", targets[0].BaseUrl.AbsoluteUri);
        Assert.Equal("Slack channel one", targets[0].Name);
    }

    [Fact]
    public void Slack_itself_is_the_default() => Assert.Equal(
        "https://slack.com/api/",
        ((SlackTargetSettings)TestTargets.Read("""[{"type":"slack","token_file":"token","channels":["c"]}]""").Targets[0]).BaseUrl.AbsoluteUri);

    [Fact]
    public void Files_are_relative_to_the_data_folder() => Assert.Equal(
        new SecretSource(null, Path.GetFullPath("/data/secrets/token")),
        ((SlackTargetSettings)TestTargets.Read("""[{"type":"slack","token_file":"secrets/token","channels":["c"]}]""").Targets[0]).Token);

    [Fact]
    public void A_webhook_has_an_address_and_a_secret()
    {
        var target = (WebhookTargetSettings)Assert.Single(
            TestTargets.Read("""[{"type":"webhook","url":"https://hooks.example.test/ca?key=abc","secret_env":"HOOK_SECRET"}]""").Targets);

        Assert.Equal("https://hooks.example.test/ca?key=abc", target.Url.AbsoluteUri);
        Assert.Equal("webhook https://hooks.example.test/ca", target.Name); // the query may be a secret
    }

    [Theory]
    [InlineData("", 587, SmtpEncryption.StartTls)]
    [InlineData(""", "tls":"starttls" """, 587, SmtpEncryption.StartTls)]
    [InlineData(""", "tls":"tls" """, 465, SmtpEncryption.Tls)]
    [InlineData(""", "tls":"none" """, 25, SmtpEncryption.None)]
    [InlineData(""", "tls":"none", "port": 2525 """, 2525, SmtpEncryption.None)]
    public void Mail_has_the_usual_port_of_its_encryption(string more, int port, SmtpEncryption encryption)
    {
        var target = (SmtpTargetSettings)Assert.Single(TestTargets.Read(
            $$"""[{"type":"smtp","host":"mail.example.test","from":"Our CA <ca@example.test>","to":["Ops <ops@example.test>"]{{more}}}]""").Targets);

        Assert.Equal((port, encryption, "ops@example.test"), (target.Port, target.Encryption, target.Recipient));
        Assert.Equal("mail to ops@example.test", target.Name);
    }

    [Fact]
    public void Ids_stay_the_same_when_other_targets_come_and_go()
    {
        const string Slack = """{"type":"slack","token_env":"T","channels":["Ca Notifications"]}""";
        const string Other = """{"type":"slack","token_env":"T","channels":["other"]}""";

        string alone = TestTargets.Read($"[{Slack}]").Targets[0].Id;
        string second = TestTargets.Read($"[{Other},{Slack.Replace("\"T\"", "\"U\"", StringComparison.Ordinal)}]").Targets[1].Id;

        Assert.Equal(alone, second);
        Assert.Matches("^slack-ca-notifications-[0-9a-f]{12}$", alone);
    }

    [Theory]
    [InlineData("""{}""", "notifications must be a list of targets, such as [{ \"type\": \"slack\", … }]")]
    [InlineData("""["slack"]""", "notifications[0] must be an object with a type, such as { \"type\": \"slack\", … }")]
    [InlineData("""[{"channels":[]}]""", "notifications[0].type is missing: set it to slack, webhook or smtp")]
    [InlineData("""[{"type":"pager"}]""", "notifications[0].type must be slack, webhook or smtp")]
    [InlineData("""[{"type":"slack","channels":["c"]}]""", "notifications[0].token_env is missing: set it to the name of an environment variable, or token_file to the path of a file")]
    [InlineData("""[{"type":"slack","channels":["c"],"token_env":"A","token_file":"b"}]""", "notifications[0].token_file must be left out, since token_env is set")]
    [InlineData("""[{"type":"slack","channels":["c"],"token_env":"xoxb-1234"}]""", "notifications[0].token_env must be the name of an environment variable (not the secret itself)")]
    [InlineData("""[{"type":"slack","channels":["c"],"token_env":"T","token":"xoxb-1234"}]""", "notifications[0].token is not allowed: secrets belong into an environment variable (token_env) or a file (token_file)")]
    [InlineData("""[{"type":"slack","token_env":"T"}]""", "notifications[0].channels is missing: set it to a list of names or ids of channels, such as [\"ca-notifications\"]")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":[]}]""", "notifications[0].channels must be a list of names or ids of channels, such as [\"ca-notifications\"]")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":"c"}]""", "notifications[0].channels must be a list of names or ids of channels, such as [\"ca-notifications\"]")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":["c",""]}]""", "notifications[0].channels must be a list of names or ids of channels, such as [\"ca-notifications\"]")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":["\ud800"]}]""", "notifications[0].channels must be a list of names or ids of channels, such as [\"ca-notifications\"]")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":["c","c"]}]""", "notifications has the target \"Slack channel c\" twice: leave one of them out")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":["c"],"chanels":[]}]""", "notifications[0].chanels is not known; the keys are: type, token_env, token_file, channels, username, good_emoji, bad_emoji, warning_emoji, base_url")]
    [InlineData("""[{"type":"slack","token_env":"T","channels":["c"],"base_url":"http://slack.example.test/"}]""", "notifications[0].base_url must be an https address, or http on this machine")]
    [InlineData("""[{"type":"webhook","secret_env":"S"}]""", "notifications[0].url is missing: set it to an http or https address without user and password")]
    [InlineData("""[{"type":"webhook","secret_env":"S","url":"ftp://example.test"}]""", "notifications[0].url must be an http or https address without user and password")]
    [InlineData("""[{"type":"webhook","secret_env":"S","url":"https://me:pw@example.test"}]""", "notifications[0].url must be an http or https address without user and password")]
    [InlineData("""[{"type":"webhook","url":"https://example.test"}]""", "notifications[0].secret_env is missing: set it to the name of an environment variable, or secret_file to the path of a file")]
    [InlineData("""[{"type":"smtp","from":"a@b.test","to":["c@d.test"]}]""", "notifications[0].host is missing: set it to the name or address of a mail server")]
    [InlineData("""[{"type":"smtp","host":"mail example","from":"a@b.test","to":["c@d.test"]}]""", "notifications[0].host must be the name or address of a mail server")]
    [InlineData("""[{"type":"smtp","host":"h","port":0,"from":"a@b.test","to":["c@d.test"]}]""", "notifications[0].port must be a whole number from 1 to 65535")]
    [InlineData("""[{"type":"smtp","host":"h","tls":"ssl","from":"a@b.test","to":["c@d.test"]}]""", "notifications[0].tls must be starttls, tls or none")]
    [InlineData("""[{"type":"smtp","host":"h","from":"nobody","to":["c@d.test"]}]""", "notifications[0].from must be one address, such as \"Our CA <ca@example.com>\"")]
    [InlineData("""[{"type":"smtp","host":"h","from":"a@b.test\r\nBcc: x@y.test","to":["c@d.test"]}]""", "notifications[0].from must be one address, such as \"Our CA <ca@example.com>\"")]
    [InlineData("""[{"type":"smtp","host":"h","from":"a@b.test","to":["c@d.test, e@f.test"]}]""", "notifications[0].to must be a list of addresses, such as [\"ops@example.com\"]")]
    [InlineData("""[{"type":"smtp","host":"h","from":"a@b.test","to":["c@d.test"],"user":"u"}]""", "notifications[0].password_env is missing: set it to the name of an environment variable, or password_file to the path of a file")]
    [InlineData("""[{"type":"smtp","host":"h","from":"a@b.test","to":["c@d.test"],"password_env":"P"}]""", "notifications[0].user is missing: a password needs one")]
    [InlineData("""[{"type":"smtp","host":"h","from":"a@b.test","to":["c@d.test"],"user":"u","password_env":"P","tls":"none"}]""", "notifications[0].tls must be starttls or tls, since a password would go over the network in the clear")]
    public void A_mistake_is_reported_by_the_name_of_its_key(string json, string problem)
    {
        NotificationSettings settings = TestTargets.Read(json);

        Assert.Equal([problem], settings.Problems);
        Assert.Empty(settings.Targets);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_and_no_value_is_repeated()
    {
        NotificationSettings settings = TestTargets.Read(
            """[{"type":"webhook","url":"hunter2","secret":"hunter2"},{"type":"slack","token_env":"T","channels":["c"]},{"type":"slack","token_env":"hunter 2","channels":[2]}]""");

        Assert.Equal(5, settings.Problems.Count);
        Assert.DoesNotContain(settings.Problems, problem => problem.Contains("hunter", StringComparison.Ordinal));
        Assert.Empty(settings.Targets);
    }
}
