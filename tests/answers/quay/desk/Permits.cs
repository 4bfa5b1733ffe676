using System;
using System.Collections.Generic;
using System.Linq;

namespace Quay.Desk
{
    /// <summary>Whoever may sign a permit.</summary>
    public interface ISigner
    {
        bool MaySign(Permit permit);
    }

    /// <summary>Leave to enter the harbour until a day.</summary>
    public class Permit
    {
        public string Holder { get; init; } = "";
        public DateTime Until { get; init; }

        public bool IsValid(DateTime day) => day <= Until;
    }

    /// <summary>The officer on duty.</summary>
    public sealed class DutyOfficer : ISigner
    {
        private readonly List<Permit> _signed = new();

        public bool MaySign(Permit permit) => permit.IsValid(DateTime.Today);

        public IEnumerable<Permit> SignedFor(string holder) => _signed.Where(p => p.Holder == holder);
    }
}
