# Money owed for a berth.
module Billing
  class Invoice
    attr_reader :lines

    def initialize(lines = [])
      @lines = lines
    end

    # What is to be paid, with tax.
    def total_with_tax(rate: 0.2)
      lines.sum(&:amount) * (1 + rate)
    end

    def paid?
      @paid_on != nil
    end
  end

  # An invoice that came too late.
  class Reminder < Invoice
    def surcharge
      15
    end
  end
end
