using System.Reflection;
using System.Runtime.ExceptionServices;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Ends a run at its n-th write as a dying process would: nothing after it happens, nothing cleans up.</summary>
/// <param name="nth">From 1; 0 never kills and only counts.</param>
/// <param name="afterWrite">The write is done before the end, or is not.</param>
public sealed class KillSwitch(int nth, bool afterWrite)
{
    private int writes;

    /// <summary>Writes so far.</summary>
    public int Writes => writes;

    /// <summary>A port whose writes count.</summary>
    /// <param name="inner">The adapter.</param>
    /// <param name="isWrite">Which of its methods write, by name.</param>
    public T Wrap<T>(T inner, Func<string, bool> isWrite)
        where T : class
    {
        T proxy = DispatchProxy.Create<T, Proxy>();
        ((Proxy)(object)proxy).Set(this, inner, isWrite);
        return proxy;
    }

    private object? Invoke(object inner, MethodInfo method, object?[]? arguments)
    {
        bool dies = Interlocked.Increment(ref writes) == nth;
        if (dies && !afterWrite)
        {
            throw new ProcessKilledException();
        }

        object? result = Call(inner, method, arguments);
        if (dies)
        {
            (result as Task)?.GetAwaiter().GetResult(); // the write is on the disk before the process dies
            throw new ProcessKilledException();
        }

        return result;
    }

    private static object? Call(object inner, MethodInfo method, object?[]? arguments)
    {
        try
        {
            return method.Invoke(inner, arguments);
        }
        catch (TargetInvocationException fault)
        {
            ExceptionDispatchInfo.Throw(fault.InnerException!);
            throw;
        }
    }

    public class Proxy : DispatchProxy
    {
        private KillSwitch killer = null!;
        private object inner = null!;
        private Func<string, bool> writes = null!;

        internal void Set(KillSwitch with, object around, Func<string, bool> isWrite) => (killer, inner, writes) = (with, around, isWrite);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => writes(targetMethod!.Name)
            ? killer.Invoke(inner, targetMethod, args)
            : Call(inner, targetMethod, args);
    }
}

/// <summary>No fault of a port: nothing catches it, as nothing survives SIGKILL.</summary>
public sealed class ProcessKilledException : Exception;
