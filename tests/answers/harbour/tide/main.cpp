#include "gauge.h"

int main() {
    tide::FloatGauge gauge("/dev/ttyS0");
    gauge.calibrate(0.2);
    return gauge.read() > 0 ? 0 : 1;
}
