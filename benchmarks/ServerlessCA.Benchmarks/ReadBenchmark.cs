using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Benchmarks;

/// <summary>What a daily run reads from tables of several sizes with the same few certificates to act on.</summary>
internal static class ReadBenchmark
{
    private const int Revoked = 20;
    private const int Due = 5;

    private static readonly string[] DailyRun = ["create-root-ca", "root-ca-crl", "create-issuing-ca", "issuing-ca-crl", "expiry"];

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        if (!File.Exists(Programs.Functions))
        {
            await Programs.RunAsync(Path.Combine(Repository.Root, "eng", "lambda"));
        }

        var rows = new List<IReadOnlyList<string>>();
        await using EmulatedAws aws = await EmulatedAws.StartAsync();
        foreach (int size in effort.Of<int[]>([1_000, 10_000, 50_000], [500, 1_000]))
        {
            await using EmulatedDeployment deployment = await EmulatedDeployment.CreateAsync(aws, Programs.Functions);
            await FillAsync(deployment, size);
            deployment.Gateway.Meter.Reset();
            foreach (string handler in DailyRun)
            {
                Checked(await deployment.InvokeAsync(handler));
            }

            if ((await deployment.ReceiveAsync()).Count is int told && told != Due)
            {
                throw new InvalidOperationException($"{told} reminders instead of {Due}");
            }

            rows.Add([
                Figure.Text(size, 0), Figure.Text(deployment.Gateway.Meter.Calls.Count(call => call.IsRead), 0), Figure.Text(deployment.Gateway.Meter.ReadUnits, 0),
            ]);
        }

        return new BenchmarkResult
        {
            Sections =
            [
                new(
                    "Reads of a daily run on AWS",
                    $"""
                    The pipeline's functions once over tables with so many certificates, {Revoked} of them revoked and {Due} due for a reminder, on an emulated
                    DynamoDB.
                    """,
                    ["certificates", "calls that read", "read units"],
                    rows),
            ],
        };
    }

    // The certificates that matter are issued; the others are copies of one, under names of their own.
    private static async Task FillAsync(EmulatedDeployment deployment, int size)
    {
        Checked(await deployment.InvokeAsync("create-root-ca"));
        Checked(await deployment.InvokeAsync("create-issuing-ca"));
        var list = new JsonArray();
        for (int number = 0; number < Revoked; number++)
        {
            JsonNode issued = await IssueAsync(deployment, $"revoked{Text(number)}.example.com", 365, notifyExpiry: false);
            list.Add(new JsonObject
            {
                ["common_name"] = issued["CertificateInfo"]!["CommonName"]!.GetValue<string>(),
                ["serial_number"] = issued["CertificateInfo"]!["SerialNumber"]!.GetValue<string>(),
            });
        }

        for (int number = 0; number < Due; number++)
        {
            string name = $"due{Text(number)}.example.com";
            await IssueAsync(deployment, name, 365, notifyExpiry: true);
            Dictionary<string, AttributeValue> due = (await deployment.RowsAsync(name))[0];
            SetExpiry(due, DateTime.UtcNow.AddDays(7), number); // a certificate is not warned of in the first half of its life
            await deployment.PutRowsAsync([due]);
        }

        await IssueAsync(deployment, "copied.example.com", 365, notifyExpiry: true);
        Dictionary<string, AttributeValue> row = (await deployment.RowsAsync("copied.example.com"))[0];
        await deployment.PutRowsAsync(Enumerable.Range(0, size - Revoked - Due - 3).Select(number => Copy(row, number)));
        await deployment.PutInternalAsync("revoked.json", list.ToJsonString());
        Checked(await deployment.InvokeAsync("issuing-ca-crl"));
        await deployment.ReceiveAsync();
    }

    // Every second one is to be reminded of, on a day in the next year but not today: the emulator's index takes no more
    // than about a thousand rows of one day.
    private static Dictionary<string, AttributeValue> Copy(Dictionary<string, AttributeValue> row, int number)
    {
        string text = Text(number);
        var copy = new Dictionary<string, AttributeValue>(row)
        {
            ["CommonName"] = new($"copy{text}.example.com"),
            ["SerialNumber"] = new($"{row["SerialNumber"].S}{text}"),
        };
        SetExpiry(copy, DateTime.UtcNow.Date.AddDays(60 + (number % 300)).AddHours(1), number);
        if (number % 2 == 0)
        {
            copy.Remove("ReminderDay");
            copy["NotifyExpiry"] = new AttributeValue { BOOL = false };
        }

        return copy;
    }

    private static void SetExpiry(Dictionary<string, AttributeValue> row, DateTime expires, int number)
    {
        row["Expires"] = new(expires.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        row["ReminderDay"] = new(string.Create(CultureInfo.InvariantCulture, $"{expires:yyyy-MM-dd}#{number % 8}")); // day and shard
    }

    private static async Task<JsonNode> IssueAsync(EmulatedDeployment deployment, string name, int days, bool notifyExpiry)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        FunctionAnswer answer = await deployment.InvokeAsync("tls-cert", new JsonObject
        {
            ["common_name"] = name, ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)),
            ["lifetime"] = days, ["notify_expiry"] = notifyExpiry,
        });
        return Checked(answer).Json is { } json && json["CertificateInfo"] is not null ? json : throw new InvalidOperationException(answer.Text);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static FunctionAnswer Checked(FunctionAnswer answer) => answer.IsError ? throw new InvalidOperationException(answer.Text) : answer;
}
