using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Contracts.Faults;

/// <summary>A key service that fails as planned; a signature counts as a write.</summary>
public sealed class FaultyKeys(ICaKeys inner, FaultPlan plan) : ICaKeys
{
    public async Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation)
    {
        plan.Read(Failure);
        return await inner.FindAsync(caName, cancellation) is { } key ? new FaultyKey(key, plan) : null;
    }

    private static CaKeyUnavailableException Failure(string message) => new(message);

    private sealed class FaultyKey(ICaKey inner, FaultPlan plan) : ICaKey
    {
        public KeySpec Spec => inner.Spec;

        public ReadOnlyMemory<byte> SubjectPublicKeyInfo => inner.SubjectPublicKeyInfo;

        public Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation) =>
            plan.WriteAsync(() => inner.SignAsync(content, cancellation), Failure);
    }
}
