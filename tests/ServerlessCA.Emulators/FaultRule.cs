namespace ServerlessCA.Emulators;

/// <summary>Which calls go wrong, and how. Its proxy locks.</summary>
internal sealed class FaultRule(string? action, int nth, int times, ServiceFault? fault, ServiceAnswer? answer)
{
    private int seen;

    public ServiceFault? Fault => fault;

    public ServiceAnswer? Answer => answer;

    /// <summary>Counts a call; whether it is one of them.</summary>
    public bool Meets(ServiceCall call)
    {
        if (action is not null && action != call.Action)
        {
            return false;
        }

        seen++;
        return seen >= nth && seen - nth < times;
    }
}
