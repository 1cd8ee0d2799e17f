using System.Text;
using System.Text.Json;
using ServerlessCA.Benchmarks.Load;
using ServerlessCA.Benchmarks.Serve;

namespace ServerlessCA.Benchmarks.Peers;

/// <summary><c>serve</c> with a token.</summary>
internal sealed class OwnPeer : Peer
{
    private readonly ServedProcess served;

    private OwnPeer(string name, ServedProcess served) : base(name, new Uri(served.Url, Callers.Invocations), served.Id) => this.served = served;

    public override ReadOnlyMemory<byte> Success { get; } = "\"Base64Certificate\""u8.ToArray();

    protected override string Headers => $"Authorization: Bearer {ServedProcess.Token}\r\n";

    public static async Task<Peer> StartAsync(string name, string program) => new OwnPeer(name, await ServedProcess.StartAsync(program));

    public override string Certificate(JsonElement answer) =>
        Encoding.ASCII.GetString(answer.GetProperty("Base64Certificate").GetBytesFromBase64());

    public override ValueTask DisposeAsync() => served.DisposeAsync();

    protected override byte[] Body(LoadCsr csr) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
    {
        ["common_name"] = csr.Name, ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(csr.Pem)), ["sans"] = new[] { csr.Name },
    });
}
